import { expect, test } from '@jest/globals';
import { start } from '../../src/cli/start.ts';

test.each(['', undefined])('without a webhook secret nothing starts (%j)', async (secret) => {
  const env = { APP_ID: '7', PRIVATE_KEY: 'pem', WEBHOOK_SECRET: secret };
  await expect(start(env, 'all')).rejects.toThrow('WEBHOOK_SECRET is not set');
});
