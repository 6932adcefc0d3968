// Optional: where a page refreshes itself, the focus stays on the link that had it, and the page does not jump.
(function () {
  var KEY = 'place';
  /** Who comes back later than that has been elsewhere. */
  var LONGEST = 5000;
  var page = location.href.replace(/\?.*/, '');

  /** Tells links apart; the time in an address is another each time. */
  function nameOf(element) {
    return element && element.href ? element.className + element.href.replace(/at=\d+/, '') : '';
  }

  function keep() {
    var words = [page, new Date().getTime(), window.pageYOffset || 0, nameOf(document.activeElement)];
    sessionStorage.setItem(KEY, words.join('\n'));
  }

  function restore() {
    var words = (sessionStorage.getItem(KEY) || '').split('\n');
    if (words[0] !== page || new Date().getTime() - Number(words[1]) > LONGEST) return;
    for (var i = 0; words[3] && i < document.links.length; i += 1)
      if (nameOf(document.links[i]) === words[3]) document.links[i].focus();
    window.scrollTo(0, Number(words[2]));
  }

  // A browser without storage begins at the top.
  if (!window.sessionStorage) return;
  restore();
  window.onbeforeunload = keep;
})();
