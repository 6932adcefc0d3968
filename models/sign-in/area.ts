/** The two halves of the portal: the self page (login by Self ID) and the my page (login by e-mail address). */
export type Area = 'selfpage' | 'mypage';

/** The word for an area's login in `logins.kind` and in a session. */
export const LOGIN_KINDS = { selfpage: 'self', mypage: 'email' } as const satisfies Record<Area, string>;
export type LoginKind = (typeof LOGIN_KINDS)[Area];

/** The word in `contracts.service` for a contract that an area shows. */
export const CONTRACT_SERVICES = { selfpage: 'autocall', mypage: 'ip050' } as const satisfies Record<
  Area,
  string
>;
export type ContractService = (typeof CONTRACT_SERVICES)[Area];

export const getOtherArea = (area: Area): Area => (area === 'selfpage' ? 'mypage' : 'selfpage');
