import type { Settings } from '../domain/settings.ts';
import { checkGates } from './check-gates.ts';
import { checkGroups } from './check-groups.ts';
import { checkOverrides } from './check-overrides.ts';
import { checkPolicies } from './check-policies.ts';
import { checkReferences } from './check-references.ts';
import { checkSourcesOfGates } from './check-sources-of-gates.ts';
import { checkTerms } from './check-terms.ts';
import { explainIssues, wordIssue } from './explain-issue.ts';
import type { ConfigProblem, Finding } from './problem.ts';
import { type ReadYaml, readYaml } from './read-yaml.ts';
import { configSchema } from './schema.ts';
import { isRecord } from './schema-parts.ts';
import { toSettings } from './to-settings.ts';

export type { ConfigProblem } from './problem.ts';

/** Where the config of a repository stands. */
export const CONFIG_PATH = '.github/sluice.yml';

const LARGEST_BYTES = 512 * 1024;
const MOST_PROBLEMS = 50;

export type ParsedConfig = { ok: true; settings: Settings } | { ok: false; problems: ConfigProblem[] };

/**
 * Reads a config: its settings, or all that is to be corrected, in the order of the file and at most 50
 * problems. `path` is the name of the file in messages. Never throws, whatever the text.
 */
export function parseConfig(text: string, { path = CONFIG_PATH }: { path?: string } = {}): ParsedConfig {
  const refuse = (message: string): ParsedConfig => ({
    ok: false,
    problems: [{ message, line: 1, column: 1, path: '' }],
  });
  if (Buffer.byteLength(text) > LARGEST_BYTES)
    return refuse(`${path} is larger than ${LARGEST_BYTES / 1024} kB; shorten it`);
  try {
    return readConfig(text, path);
  } catch (error) {
    // What overflows the stack of the YAML reader was not written by a person; there is no line to point at.
    return refuse(
      `${path} cannot be read as YAML: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown error'}`,
    );
  }
}

function readConfig(text: string, path: string): ParsedConfig {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0 && yaml.value === undefined) return report(yaml, []);
  if (!isRecord(yaml.value)) {
    const what = yaml.value === null ? 'is empty' : 'holds no map of keys';
    return report(yaml, [
      { message: `${path} ${what}; begin with \`path:\` and \`environments:\``, path: [] },
    ]);
  }
  const references = [
    ...checkReferences(yaml.value),
    ...checkOverrides(yaml.value),
    ...checkPolicies(yaml.value),
  ];
  const parsed = configSchema.safeParse(yaml.value, { error: wordIssue });
  if (!parsed.success)
    return report(yaml, [...explainIssues(parsed.error.issues, yaml.value), ...references]);
  const findings = [
    ...references,
    ...checkGates(parsed.data),
    ...checkSourcesOfGates(parsed.data),
    ...checkGroups(parsed.data),
    ...checkTerms(parsed.data),
  ];
  if (findings.length > 0 || yaml.problems.length > 0) return report(yaml, findings);
  return { ok: true, settings: toSettings(parsed.data) };
}

function report(yaml: ReadYaml, findings: readonly Finding[]): ParsedConfig {
  // A value that could not be read needs no second complaint about what stands in its place.
  const unread = new Set(yaml.problems.map(({ path }) => path));
  const located = findings.map(yaml.locate).filter(({ path }) => path === '' || !unread.has(path));
  const problems = [...yaml.problems, ...located].sort((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) };
}
