import fc from 'fast-check';
import { stringify } from 'yaml';

type Path = readonly (string | number)[];

/** Values that stand for what slips in: other types, numbers at the edges, hostile and odd texts. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 1.5, 2, 20, 21, 1e9, Number.NaN, Number.POSITIVE_INFINITY],
  ...[
    '',
    ' ',
    '0',
    '1',
    'true',
    'yes',
    'null',
    '~',
    'manual',
    'none',
    '*',
    '**',
    '<<',
    '__proto__',
    'constructor',
  ],
  ...[
    'a\u0000b',
    'a\nb',
    '\u2028',
    '\uFEFFmanual',
    'm\u0430nual',
    'ci/smoke\u200B',
    '\u202Eetirw',
    '👩‍👩‍👧',
    '\uD800',
  ],
  ...[
    'x'.repeat(1_000),
    '*'.repeat(300),
    'weekdays',
    'UTC',
    '+01:00',
    '00:00-24:00',
    'daily 00:00-24:00 UTC',
  ],
  ...[
    [],
    {},
    [[]],
    [null],
    ['manual'],
    { manual: null },
    { approvals: 1 },
    { approvals: null },
    { checks: [] },
  ],
];
const KEYS = [
  '',
  '<<',
  '__proto__',
  'constructor',
  'gates',
  'add-gates',
  'accept',
  'allow-author',
  'Gates',
  'on',
  'off',
];
const TOKENS = [
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '<<: {}',
    ': ',
    ':',
    '- ',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '#',
    ' # ',
    '\n',
    '\n\n',
  ],
  ...[
    '|',
    '>',
    '!!str ',
    '!!int ',
    '!x ',
    '? ',
    '\t',
    '  ',
    '---\n',
    '\n---\n',
    '\n...\n',
    '%YAML 1.1\n---\n',
    '\r',
    '\r\n',
  ],
  ...[
    '0',
    '1',
    '0x',
    '0o',
    '_',
    '-',
    '+',
    '.',
    'e1',
    'null',
    '~',
    'true',
    'yes',
    'manual',
    '[]',
    '{}',
    '\u2028',
    '\u0085',
  ],
  ...[
    '\uFEFF',
    '\u00A0',
    '\u0000',
    '\u200B',
    '\uD800',
    '\\',
    '\\x30',
    '\n    gates: []\n',
    '\n  prod:\n',
    'x'.repeat(500),
  ],
];

/** A change of the values, chosen by numbers so that it can be made of any config. */
const change = fc.record({
  how: fc.constantFrom('drop', 'again', 'rename', 'replace', 'nudge', 'wrap', 'swap', 'add'),
  at: fc.nat(),
  other: fc.nat(),
  value: fc.constantFrom(...VALUES),
  key: fc.constantFrom(...KEYS),
});

/** A change of the text. */
const splice = fc.record({
  how: fc.constantFrom('insert', 'delete', 'line again', 'line away', 'lines swapped', 'indent', 'outdent'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 12 }),
  token: fc.constantFrom(...TOKENS),
});

/** Null for JSON, which is YAML too and quick to write. */
const style = fc.option(
  fc.record({
    collectionStyle: fc.constantFrom('flow', 'block'),
    defaultStringType: fc.constantFrom('PLAIN', 'PLAIN', 'QUOTE_DOUBLE'),
  }),
  { freq: 1 },
);

/** Texts of configs that were right, with some changes of their values and then of their text. */
export function mutatedConfig(config: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const changes = fc.array(change, { maxLength: 2 });
  const splices = fc.array(splice, { maxLength: 2 });
  return fc.tuple(config, changes, style, splices).map(([right, values, how, texts]) => {
    const changed = values.reduce(applyChange, structuredClone(right));
    const text = how ? stringify(changed, { ...how, lineWidth: 0 }) : JSON.stringify(changed, null, 2);
    return texts.reduce(applySplice, text);
  });
}

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;
type Splice = typeof splice extends fc.Arbitrary<infer Value> ? Value : never;

function applyChange(config: unknown, { how, at, other, value, key }: Change): unknown {
  const paths = pathsOf(config, []);
  const path = paths[at % paths.length];
  if (!path) return config;
  const parent = valueAt(config, path.slice(0, -1));
  const found = valueAt(config, path);
  const name = path.at(-1)!;
  if (how === 'swap') {
    const second = paths[other % paths.length]!;
    const there = valueAt(config, second);
    // What holds the other one would stand in itself.
    if (!contains(found, there) && !contains(there, found)) {
      set(valueAt(config, second.slice(0, -1)), second.at(-1)!, found);
      set(parent, name, there);
    }
  } else if (how === 'nudge') set(parent, name, nudge(found, other));
  else if (how === 'replace') set(parent, name, structuredClone(value));
  else if (how === 'wrap') set(parent, name, other % 2 === 0 ? [found] : { [key || 'x']: found });
  else if (Array.isArray(parent)) changeList(parent, Number(name), how, found, value);
  else changeMap(parent as Record<string, unknown>, String(name), how, found, key, value);
  return config;
}

/** What a slip of the finger makes of a value. */
function nudge(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value + (by % 7) - 3;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return value;
  const place = by % (value.length + 1);
  return value.slice(0, place) + (by % 2 === 0 ? '0' : '') + value.slice(place + 1);
}

function changeList(parent: unknown[], index: number, how: string, found: unknown, value: unknown): void {
  if (how === 'drop') parent.splice(index, 1);
  else parent.splice(index, 0, how === 'again' ? found : structuredClone(value));
}

function changeMap(
  parent: Record<string, unknown>,
  name: string,
  how: string,
  found: unknown,
  key: string,
  value: unknown,
): void {
  if (how === 'drop' || how === 'rename') delete parent[name];
  if (how === 'rename') set(parent, key.length > 0 && key !== name ? key : name.slice(1), found);
  if (how === 'again') set(parent, `${name} `, found);
  if (how === 'add') set(parent, key, structuredClone(value));
}

/** As a key of its own, also where the language has a meaning for the name. */
function set(parent: unknown, key: string | number, value: unknown): void {
  Object.defineProperty(parent, key, { value, configurable: true, enumerable: true, writable: true });
}

function pathsOf(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return path.length > 0 ? [path] : [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const below = keys.flatMap((key) => pathsOf(Reflect.get(value, key), [...path, key]));
  return path.length > 0 ? [path, ...below] : below;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, key) => Reflect.get(Object(found), key), value);
}

function contains(value: unknown, part: unknown): boolean {
  if (value === part) return true;
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((each) => contains(each, part))
  );
}

function applySplice(text: string, { how, at, length, token }: Splice): string {
  if (how === 'insert' || how === 'delete') {
    const place = at % (text.length + 1);
    const rest = text.slice(how === 'insert' ? place : place + length);
    return text.slice(0, place) + (how === 'insert' ? token : '') + rest;
  }
  const lines = text.split('\n');
  const index = at % lines.length;
  const line = lines[index]!;
  const next = lines[(index + length) % lines.length]!;
  if (how === 'lines swapped') {
    lines[(index + length) % lines.length] = line;
    lines[index] = next;
  } else if (how === 'line away') lines.splice(index, 1);
  else if (how === 'line again') lines.splice(index, 0, line);
  else lines[index] = how === 'indent' ? `  ${line}` : line.replace(/^ {1,2}/, '');
  return lines.join('\n');
}
