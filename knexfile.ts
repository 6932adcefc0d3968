import { knexSettings } from './lib/database/knex-settings';

/** For Knex's own command line. */
export default knexSettings;
