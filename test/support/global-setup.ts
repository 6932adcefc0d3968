import { findRedisServer } from '../../lib/redis/find-redis-server';

/** Once, before all test files: two of them must not install the same package at the same time. */
export default function globalSetup(): void {
  findRedisServer();
}
