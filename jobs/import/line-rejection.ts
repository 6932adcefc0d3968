/** A line that cannot be brought in. The message is the reason in the file of rejected lines. */
export class LineRejection extends Error {}
