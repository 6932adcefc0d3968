// Optional: says on the page what becomes of the message, and keeps a double click from sending a form twice.
(function () {
  var PERIOD = 2000;
  var LONGEST = 90;
  var words = document.getElementById('delivery');
  var asked = 0;

  function show(answer) {
    if (words.textContent !== answer.words) words.textContent = answer.words;
    words.className = 'tag ' + answer.tag;
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open('GET', words.getAttribute('data-from'));
    request.onload = function () {
      if (request.status !== 200 || !/json/.test(request.getResponseHeader('Content-Type'))) return;
      var answer = JSON.parse(request.responseText);
      show(answer);
      asked += 1;
      if (!answer.isOver && asked < LONGEST) setTimeout(ask, PERIOD);
    };
    request.send();
  }

  function once(form) {
    var isSent = false;
    form.onsubmit = function () {
      if (isSent) return false;
      isSent = true;
      return true;
    };
    return function () {
      isSent = false;
    };
  }

  var again = [];
  for (var i = 0; i < document.forms.length; i += 1) again.push(once(document.forms[i]));
  // A page that comes out of the browser's memory can be sent again.
  window.onpageshow = function () {
    for (var j = 0; j < again.length; j += 1) again[j]();
  };

  if (words && words.getAttribute('data-from')) setTimeout(ask, PERIOD);
})();
