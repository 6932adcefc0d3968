/** Something that whoever runs the command can put right. The message says what. */
export class CommandError extends Error {}
