// Optional: a button that names a field by data-needs waits until something is typed there.
(function () {
  var buttons = document.getElementsByTagName('input');

  function watch(button, field) {
    function follow() {
      button.disabled = field.value === '';
    }
    follow();
    field.oninput = follow;
    field.onkeyup = follow;
    field.onchange = follow;
    // What the browser fills in by itself, and a page that comes out of its memory.
    window.onpageshow = follow;
  }

  for (var i = 0; i < buttons.length; i += 1) {
    var name = buttons[i].getAttribute('data-needs');
    if (name && document.getElementById(name)) watch(buttons[i], document.getElementById(name));
  }
})();
