import { expect, test } from '@jest/globals';
import { start } from '../../src/cli/start.ts';
import { readVariables } from '../../src/cli/variables.ts';

test.each([
  ['PORT', 'abc', 'PORT must be a whole number from 0 to 65535, not "abc"'],
  ['PORT', '70000', 'PORT must be a whole number from 0 to 65535'],
  ['SLUICE_METRICS_PORT', 'tcp://10.0.0.1:9090', 'say `enableServiceLinks: false`'],
  ['SLUICE_GRACE_S', '-1', 'SLUICE_GRACE_S must be a whole number from 1 to 3600, not "-1"'],
  [
    'LOG_LEVEL',
    'loud',
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
  ],
  [
    'GITHUB_API_URL',
    'github.example.com',
    'GITHUB_API_URL must be an address that starts with https:// or http://',
  ],
  ['DATABASE_URL', 'mysql://a:hunter22@b/c', 'DATABASE_URL must be an address that starts with postgres://'],
  ['SLUICE_RENDER', 'no', 'SLUICE_RENDER must be one of true, false, not "no"'],
])('%s=%s stops the start, and says why', async (name, value, message) => {
  await expect(start({ [name]: value }, 'all')).rejects.toThrow(message);
});

test('all that is wrong is said at once, and no password with it', () => {
  const read = () => readVariables({ PORT: 'x', DATABASE_URL: 'mysql://a:hunter22@b/c' });
  expect(read).toThrow(/DATABASE_URL[\s\S]*PORT/);
  expect(read).not.toThrow(/hunter22/);
});

test('what is empty is not set', () => {
  expect(readVariables({ PORT: '', DATABASE_URL: '', SLUICE_METRICS_PORT: '0' })).toMatchObject({
    PORT: 3000,
    DATABASE_URL: null,
    SLUICE_METRICS_PORT: 0,
    SLUICE_GRACE_S: 25,
  });
});
