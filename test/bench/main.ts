import { loadavg } from 'node:os';
import { Command } from 'commander';
import { budgetsOf, findExceeded, readBudgets } from './budgets.ts';
import { formatTable, type Measured } from './format-table.ts';
import { SCENARIOS } from './scenarios.ts';

interface Options {
  only?: string[];
  quick: boolean;
  json: boolean;
}

const program = new Command('bench')
  .description('Measures what Sluice costs, prints a JSON line for each scenario and then a table')
  .option('--only <name...>', `of ${Object.keys(SCENARIOS).join(', ')}`)
  .option('--quick', 'shorter, and held to the budgets of a busy machine', false)
  .option('--json', 'no table', false);
const options = program.parse().opts<Options>();

/** Measures the scenarios one after the other; true when all are within their budgets. */
async function bench({ only, quick: isQuick, json }: Options): Promise<boolean> {
  const budgets = await readBudgets();
  const all: Measured[] = [];
  const names = Object.keys(SCENARIOS).filter((name) => !(isQuick && SCENARIOS[name]?.isLong));
  for (const name of only ?? names) {
    const scenario = SCENARIOS[name] ?? program.error(`there is no scenario ${name}`);
    const startedMs = performance.now();
    const figures = await scenario.measure({ isQuick });
    const own = budgetsOf(budgets, name, isQuick);
    const exceeded = findExceeded(figures, own);
    const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
    say(JSON.stringify({ scenario: name, figures, budgets: own, exceeded, seconds, load: loadavg()[0] }));
    all.push({ name, about: scenario.about, figures, budgets: own, exceeded });
  }
  if (!json) say(`\n${formatTable(all)}`);
  return all.every(({ exceeded }) => exceeded.length === 0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = (await bench(options)) ? 0 : 1;
