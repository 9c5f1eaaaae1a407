import { makeWriter } from '../../src/github/write-repository.ts';
import { REPO } from './gitops.ts';
import { closeWire, makeContext, openWire, type Wire } from './support.ts';

let wire: Wire;
beforeEach(() => {
  wire = openWire();
});
afterEach(closeWire);

const request = `POST ${REPO}/pulls/3/requested_reviewers`;

function writer(warned: unknown[]) {
  const ignore = () => undefined;
  const log = { info: ignore, error: ignore, warn: (fields: object) => warned.push(fields) };
  return makeWriter(makeContext(), log);
}

test.each([
  'Reviews may only be requested from collaborators. One or more of the teams you specified is not a collaborator of the acme/gitops repository.',
  'Review cannot be requested from pull request author.',
  "Could not resolve to a node with the global id of 'T_1'.",
])('somebody who cannot be asked is told in the log alone: %s', async (message) => {
  wire.expect([{ request, status: 422, reply: { message } }]);
  const warned: unknown[] = [];
  expect(await writer(warned).requestReviewers(3, ['ann', 'acme/sre'])).toBe(true);
  expect(warned).toMatchObject([{ pull: 3, reviewers: ['ann', 'acme/sre'] }]);
  expect(wire.seen[0]?.body).toEqual({ reviewers: ['ann'], team_reviewers: ['sre'] });
});

test('after any other refusal they are to be asked again', async () => {
  wire.expect([{ request, status: 422, reply: { message: 'Validation Failed' } }]);
  expect(await writer([]).requestReviewers(3, ['ann'])).toBe(false);
});
