import type { Override } from '../../../src/domain/settings.ts';
import { environmentResolver } from '../../../src/promotion/observe/resolve-environment.ts';
import { environment } from '../../domain/support.ts';
import { within } from '../../within.ts';

const dev = environment('dev');
const prod = environment('prod', ['dev']);

function override(applications: string[], more: Partial<Override> = {}): Override {
  return { applications, environments: ['prod'], terms: {}, addedGates: [{ kind: 'manual' }], ...more };
}

test('an override concerns the applications that its globs match, in its environments', () => {
  const resolve = environmentResolver({ overrides: [override(['payments/*', 'ledger'])] });
  const guarded = ['payments/api', 'ledger', 'payments', 'ledger-2', 'a/ledger', 'payments/api/eu'].filter(
    (application) => resolve(prod, application).gates.length > 0,
  );
  expect(guarded).toEqual(['payments/api', 'ledger']);
  expect(resolve(dev, 'ledger')).toBe(dev);
});

test('globs see names that start with a dot, and all names with **', () => {
  const resolve = environmentResolver({ overrides: [override(['**'])] });
  expect(resolve(prod, '.hidden/x').gates).toEqual([{ kind: 'manual' }]);
});

test('applications that the same overrides concern are told apart from those with others', () => {
  const resolve = environmentResolver({
    overrides: [override(['a*']), override(['*b'], { terms: { autoMerge: true }, addedGates: [] })],
  });
  expect(resolve(prod, 'a')).toEqual({ ...prod, gates: [{ kind: 'manual' }] });
  expect(resolve(prod, 'b')).toEqual({ ...prod, autoMerge: true });
  expect(resolve(prod, 'ab')).toEqual({ ...prod, gates: [{ kind: 'manual' }], autoMerge: true });
});

test('the most overrides that a config may have do not take minutes for 10,000 targets', () => {
  const globs = (from: number) => Array.from({ length: 100 }, (_, index) => `*team-${from}*${index}*`);
  const overrides = Array.from({ length: 50 }, (_, index) => override(globs(index)));
  const stages = Array.from({ length: 4 }, (_, index) => environment(`e${index}`));
  within(30_000, () => {
    const resolve = environmentResolver({ overrides });
    for (const stage of stages) {
      for (let index = 0; index < 2_500; index++) resolve(stage, `group/team-${index}-service`);
    }
  });
});
