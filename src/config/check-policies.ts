import { checkPolicy } from './check-policy.ts';
import type { ConfigPath, Finding } from './problem.ts';
import { isRecord } from './schema-parts.ts';

/** Each takes some milliseconds at worst, and a pull request of anybody can bring a config. */
const MOST_EXPRESSIONS = 200;
const LONGEST = 2_000;

interface Written {
  text: string;
  path: ConfigPath;
}

/** Finds what is wrong in the expressions of policies. Looks at the unchecked value, as `checkReferences` does. */
export function checkPolicies(config: unknown): Finding[] {
  const written = listGates(config).flatMap(({ gate, path }) =>
    isRecord(gate) ? findExpressions(gate.policy, [...path, 'policy']) : [],
  );
  const results = new Map<string, ReturnType<typeof checkPolicy>>();
  const findings: Finding[] = [];
  for (const { text, path } of written) {
    if (!results.has(text)) {
      if (results.size >= MOST_EXPRESSIONS) {
        const message = `the config has more than ${MOST_EXPRESSIONS} different expressions`;
        return [...findings, { message, path }];
      }
      results.set(text, checkPolicy(text));
    }
    const problem = results.get(text);
    if (problem) findings.push({ ...problem, path });
  }
  return findings;
}

/** Gates of the environments, of the defaults, and of the overrides. */
function listGates(config: unknown): { gate: unknown; path: ConfigPath }[] {
  if (!isRecord(config)) return [];
  const { defaults, environments, overrides } = config;
  const holders: [unknown, ConfigPath][] = [
    ...Object.entries(isRecord(environments) ? environments : {}).map(
      ([name, value]): [unknown, ConfigPath] => [value, ['environments', name]],
    ),
    [defaults, ['defaults']],
    ...(Array.isArray(overrides) ? overrides : []).map((value, index): [unknown, ConfigPath] => [
      value,
      ['overrides', index],
    ]),
  ];
  return holders.flatMap(([holder, path]) =>
    ['gates', 'add-gates'].flatMap((key) => {
      const gates = isRecord(holder) && Array.isArray(holder[key]) ? holder[key] : [];
      return gates.map((gate: unknown, index) => ({ gate, path: [...path, key, index] }));
    }),
  );
}

/** Those that the schema takes for text of a rule; it tells about all else. */
function findExpressions(policy: unknown, path: ConfigPath): Written[] {
  const found: Written[] = [];
  const add = (text: unknown, at: ConfigPath) => {
    if (typeof text === 'string' && text.length <= LONGEST) found.push({ text, path: at });
  };
  add(policy, path);
  if (!isRecord(policy)) return found;
  for (const kind of ['pass', 'deny']) {
    const rules = policy[kind];
    for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
      const at = [...path, kind, index];
      if (isRecord(rule)) add(rule.rule, [...at, 'rule']);
      else add(rule, at);
    }
  }
  return found;
}
