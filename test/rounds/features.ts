/**
 * Rules that the rounds know and the portal does not have yet. A commit that brings one sets it to true here: from then
 * on the rounds do what it allows, and the calculator, which has all of them, is compared.
 */
export const features = {
  /** A file of calls that has been imported is refused, unless `--again` is given. */
  refusesSameFile: true,
  /** An id of the billing system and the side of a call are the whole identity, whatever the day, month or content. */
  hasOneIdentity: true,
  /** `import calls --replace`: a known call takes the content of the file. */
  canReplace: true,
  /** A batch is not undone while a later one that stands had some of its calls too. */
  keepsOverlappedBatches: true,
  /** The duration of a counted call is kept, and `import call-types` and `rerate --types` move calls between months. */
  keepsCountedDurations: true,
  /** A changed call type makes ready files stale. */
  canReclassify: true,
  /** The operator's control numbers are listed only with calls. */
  hidesControlNumbers: false,
};
