import { budgetsOf, findExceeded, readBudgets } from './budgets.ts';
import { SCENARIOS } from './scenarios.ts';

test('what is more or less than its budget is found, and what was not measured', () => {
  const budgets = { calls: { most: 10 }, pulls: { least: 5 }, lost: { most: 0 } };
  expect(findExceeded({ calls: 10, pulls: 5, lost: 0 }, budgets)).toEqual([]);
  expect(
    findExceeded({ calls: 11, pulls: 4, lost: Number.NaN }, budgets).map(({ figure }) => figure),
  ).toEqual(['calls', 'pulls', 'lost']);
  expect(findExceeded({}, { calls: { most: 10 } })).toEqual([{ figure: 'calls', why: 'not measured' }]);
});

test('a quick run has its own budget where there is one', () => {
  const budgets = { plan: { pureMs: { most: 100, quick: { most: 400 } }, calls: { most: 2 } } };
  expect(budgetsOf(budgets, 'plan', true)).toEqual({ pureMs: { most: 400 }, calls: { most: 2 } });
  expect(budgetsOf(budgets, 'plan', false)).toEqual({ pureMs: { most: 100 }, calls: { most: 2 } });
});

test('each scenario has a budget, and each budget a scenario', async () => {
  expect(Object.keys(await readBudgets()).sort()).toEqual(Object.keys(SCENARIOS).sort());
});
