/** What a session knows of its login, by which the database tells whether it has ended. */
export interface SessionCheck {
  /** Of the login when the session began, or last changed the password. */
  epoch: number;
  /** Of a change of the password that the session has asked for and not yet seen done. */
  pendingChangeId?: string;
}

/**
 * Of a row `l` of logins. A new password ends all sessions but the one that changed it, whose other requests may come
 * between the change and its own word of it: a second click on the same button, say.
 */
export const SESSION_IS_VALID_SQL = '(l.session_epoch = ? OR l.last_change_id = ?)';

export const sessionCheckBindings = ({ epoch, pendingChangeId = '' }: SessionCheck): (number | string)[] => [
  epoch,
  pendingChangeId,
];
