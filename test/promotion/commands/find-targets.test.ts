import { expect, test } from '@jest/globals';
import { findTargets, nameOf } from '../../../src/promotion/commands/find-targets.ts';
import { environment } from '../../domain/support.ts';
import { snapshotOf } from '../support.ts';

const [first] = snapshotOf({ dev: 'v1', prod: 'v1' }).candidates;
const CANDIDATES = [
  ['checkout', 'dev'],
  ['checkout', 'prod'],
  ['payments/api', 'dev'],
  ['payments/api', 'prod'],
  ['search', 'dev'],
].map(([application, name]) => ({
  ...first!,
  application: application!,
  environment: environment(name!),
}));

const told = (text: string) => {
  const found = findTargets(CANDIDATES, text.split(' '));
  return 'found' in found ? found.found.map(nameOf) : found.problem;
};

test.each([
  ['checkout/prod', ['checkout/prod']],
  ['checkout prod', ['checkout/prod']],
  ['checkout in prod', ['checkout/prod']],
  ['checkout to prod', ['checkout/prod']],
  ['payments/api/prod', ['payments/api/prod']],
  ['payments/api', ['payments/api/dev', 'payments/api/prod']],
  ['prod', ['checkout/prod', 'payments/api/prod']],
])('%s is found', (text, names) => {
  expect(told(text)).toEqual(names);
});

test.each([
  ['chekout/prod', 'there is no target "chekout/prod"; did you mean "checkout/prod"?'],
  ['checkout prd', 'there is no target "checkout/prd"; did you mean "checkout/prod"?'],
  ['chekout', 'there is no target "chekout"; did you mean "checkout"?'],
  ['search/prod', '"search" is not in "prod"; it is in dev'],
  ['nothing-like-it', 'there is no target "nothing-like-it"'],
  ['a b c', 'name an application and an environment, as in "checkout/dev"'],
  ['a in b c', 'name an application and an environment, as in "checkout/dev"'],
])('%s is not, and what is said helps', (text, problem) => {
  expect(told(text)).toBe(problem);
});
