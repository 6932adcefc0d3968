/** Settings that have a new name, by their old one, which is still read. */
const RENAMED: Readonly<Record<string, string>> = {
  CODE_MINUTES: 'VERIFICATION_CODE_MINUTES',
  CODE_SENDER: 'VERIFICATION_SENDER_NUMBER',
  DEVICE_DAYS: 'TRUSTED_DEVICE_DAYS',
  FILE_KEEP_HOURS: 'DETAIL_FILE_RETENTION_HOURS',
  INCOMING_DISCOUNT: 'INCOMING_DISCOUNT_YEN_PER_MINUTE',
  SUPPORT_PHONES: 'SUPPORT_PHONE_NUMBERS',
};

export interface RenamedSettings {
  /** All settings by their new names. */
  settings: NodeJS.ProcessEnv;
  /** The old name under which the operator has given a setting, by its new one. */
  givenAs: ReadonlyMap<string, string>;
  /** One line for each old name that is in use. */
  warnings: string[];
  /** One line for each setting that has different values under its two names. */
  errors: string[];
}

/** Reads settings under their old names too. */
export function resolveRenamedSettings(env: NodeJS.ProcessEnv): RenamedSettings {
  const given = Object.entries(RENAMED).filter(([oldName]) => env[oldName] !== undefined);
  const onlyOld = given.filter(([, name]) => env[name] === undefined);
  const contradicting = given.filter(([oldName, name]) => (env[name] ?? env[oldName]) !== env[oldName]);
  return {
    settings: { ...env, ...Object.fromEntries(onlyOld.map(([oldName, name]) => [name, env[oldName]])) },
    givenAs: new Map(onlyOld.map(([oldName, name]) => [name, oldName])),
    warnings: given.map(([oldName, name]) => `${oldName} is now called ${name}; the old name is still read`),
    errors: contradicting.map(
      ([oldName, name]) =>
        `${oldName}=${JSON.stringify(env[oldName])} and ${name}=${JSON.stringify(env[name])}: ` +
        `two names of one setting; give only ${name}`,
    ),
  };
}
