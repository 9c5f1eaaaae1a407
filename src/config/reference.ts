import { stringify } from 'yaml';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';
import { REFERENCE_INTRODUCTION } from './reference-text.ts';

/** A map of the config, with the keys of all forms that it may have. */
interface ReferenceSection {
  title: string;
  keys: ReferenceKey[];
}

interface ReferenceKey {
  name: string;
  schema: JsonSchema;
  isRequired: boolean;
}

/** Markdown of `docs/configuration.md`: every key with its type, default and meaning, out of the schema. */
export function configReference(): string {
  const sections = collectSections('', configJsonSchema()).map(renderSection);
  return [REFERENCE_INTRODUCTION, '## All keys\n', ...sections].join('\n');
}

function collectSections(path: string, schema: JsonSchema): ReferenceSection[] {
  const forms = formsOf(schema).filter(({ properties }) => properties);
  const keys = forms.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, key]) => ({
      name,
      schema: key,
      isRequired: forms.length === 1 && required.includes(name),
    })),
  );
  const own = keys.length > 0 ? [{ title: path || 'Top level', keys }] : [];
  const inKeys = keys.flatMap(({ name, schema: key }) =>
    collectSections(path ? `${path}.${name}` : name, key),
  );
  const inLists = formsOf(schema).flatMap(({ items }) => (items ? collectSections(`${path}[]`, items) : []));
  const inMaps = formsOf(schema).flatMap(({ additionalProperties: entry }) =>
    typeof entry === 'object' ? collectSections(`${path}.NAME`, entry) : [],
  );
  return dropRepeated([...own, ...inKeys, ...inLists, ...inMaps]);
}

function formsOf(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf ? schema.anyOf.flatMap(formsOf) : [schema];
}

/** A long form often repeats what its short form holds: the same table is shown once. */
function dropRepeated(sections: readonly ReferenceSection[]): ReferenceSection[] {
  const seen = new Set<string>();
  return sections.filter(({ keys }) => {
    const text = JSON.stringify(keys);
    return !seen.has(text) && seen.add(text);
  });
}

function renderSection({ title, keys }: ReferenceSection): string {
  const rows = keys.map(({ name, schema, isRequired }) => {
    const cells = [
      `\`${name}\``,
      typeName(schema),
      isRequired ? 'required' : defaultName(schema),
      schema.description ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const examples = keys.flatMap(({ name, schema }) =>
    (schema.examples ?? []).map((example) => ({ [name]: example })),
  );
  return [
    title === 'Top level' ? `### ${title}` : `### \`${title}\``,
    '',
    '| Key | Type | Default | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(examples.length > 0
      ? ['Examples:', '', '```yaml', examples.map(renderExample).join('\n---\n'), '```', '']
      : []),
  ].join('\n');
}

function renderExample(example: Record<string, unknown>): string {
  return stringify(example, { lineWidth: 0, nullStr: '' }).replace(/ +$/gm, '').trimEnd();
}

function defaultName({ default: value }: JsonSchema): string {
  if (value === undefined) return '';
  return Array.isArray(value) && value.length === 0
    ? 'none'
    : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function typeName(schema: JsonSchema): string {
  const { anyOf, enum: values, const: only, items, type, minimum, maximum } = schema;
  if (anyOf) return [...new Set(anyOf.map(typeName))].join(', or ');
  if (only !== undefined) return `\`${only}\``;
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (items) return `list of ${pluralName(items)}`;
  if (type === 'integer') return `whole number from ${minimum} to ${maximum}`;
  return { string: 'text', boolean: '`true` or `false`', null: 'nothing' }[type ?? ''] ?? 'map';
}

function pluralName(items: JsonSchema): string {
  const names = new Set(formsOf(items).map(typeName));
  return [...names].map((name) => ({ text: 'texts', map: 'maps' })[name] ?? name).join(', or ');
}
