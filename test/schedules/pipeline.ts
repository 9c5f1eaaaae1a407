/** A pipeline as the oracle knows it; the config is written from it. */
export interface Pipeline {
  name: string;
  applications: readonly string[];
  environments: readonly ModelEnvironment[];
}

export interface ModelEnvironment {
  name: string;
  from: readonly string[];
  isMergedBySluice: boolean;
  gates: readonly ModelGate[];
}

export type ModelGate =
  | { kind: 'checks'; on: 'promotion' | 'source' }
  | { kind: 'soak'; forMs: number }
  | { kind: 'approvals'; count: number }
  | { kind: 'manual' };

export const CONTEXT = 'ci';
const CONFIG_PATH = '.github/sluice.yml';

const first = (name: string): ModelEnvironment => ({ name, from: [], isMergedBySluice: false, gates: [] });
const environment = (
  name: string,
  from: readonly string[],
  isMergedBySluice: boolean,
  ...gates: ModelGate[]
): ModelEnvironment => ({ name, from, isMergedBySluice, gates });

const soak: ModelGate = { kind: 'soak', forMs: 10 * 60_000 };

export const PIPELINES: readonly Pipeline[] = [
  {
    name: 'one application, from staging to two regions',
    applications: ['checkout'],
    environments: [
      first('dev'),
      environment('staging', ['dev'], true, { kind: 'checks', on: 'promotion' }),
      environment('prod-eu', ['staging'], true, soak, { kind: 'approvals', count: 1 }),
      environment('prod-us', ['staging'], false, { kind: 'manual' }, { kind: 'approvals', count: 2 }),
    ],
  },
  {
    name: 'one application, through two environments into one',
    applications: ['checkout'],
    environments: [
      first('dev'),
      environment('qa', ['dev'], true),
      environment('perf', ['dev'], true, { kind: 'checks', on: 'source' }),
      environment('prod', ['qa', 'perf'], true, soak, { kind: 'manual' }),
    ],
  },
  {
    name: 'two applications side by side',
    applications: ['cart', 'checkout'],
    environments: [
      first('dev'),
      environment('staging', ['dev'], true),
      environment('prod', ['staging'], true, { kind: 'approvals', count: 1 }),
    ],
  },
];

function configOf({ environments }: Pipeline): string {
  const lines = environments.flatMap(({ name, from, isMergedBySluice, gates }) => [
    `  ${name}:`,
    ...(from.length > 0 ? [`    from: [${from.join(', ')}]`] : []),
    ...(isMergedBySluice ? ['    auto-merge: true'] : []),
    ...(gates.length > 0 ? ['    gates:', ...gates.map((gate) => `      - ${gateOf(gate)}`)] : []),
  ]);
  return ['path: apps/{app}/{env}', 'environments:', ...lines, 'labels: [promotion]', ''].join('\n');
}

function gateOf(gate: ModelGate): string {
  switch (gate.kind) {
    case 'checks':
      return `checks: { on: ${gate.on}, names: [${CONTEXT}] }`;
    case 'soak':
      return `soak: ${gate.forMs / 60_000}m`;
    case 'approvals':
      return `approvals: ${gate.count}`;
    case 'manual':
      return 'manual';
  }
}

export function pathOf(application: string, environment: string): string {
  return `apps/${application}/${environment}/kustomization.yaml`;
}

export function branchOf(application: string, environment: string): string {
  return `sluice/${application}/${environment}`;
}

/** A release; a higher number is newer. */
export function tagOf(number: number): string {
  return `v1.0.${number}`;
}

export function isOlder(tag: string, other: string): boolean {
  return Number(tag.split('.')[2]) < Number(other.split('.')[2]);
}

/** One image, and what belongs to the environment above and below it. */
function textOf(application: string, environment: string, tag: string): string {
  return `# ${environment}, tuned by hand
namePrefix: "${environment}-"
commonAnnotations:
  owner: 'team of ${application}'

images:
  - name: ghcr.io/acme/${application}
    newTag: ${tag} # the release

replicas:
  - name: ${application}
    count: 1
`;
}

const TAG = /^(\s*newTag: )(\S+)/m;

/** The release that a text holds. */
export function tagIn(text: string | null): string | null {
  return text === null ? null : (TAG.exec(text)?.[2] ?? null);
}

export function withTag(text: string, tag: string): string {
  return text.replace(TAG, `$1${tag}`);
}

/** All that is not the release. */
export function ownOf(text: string): string {
  return withTag(text, 'TAG');
}

export function withReplicas(text: string, count: number): string {
  return text.replace(/count: \d+/, `count: ${count}`);
}

/** Every file of the repository before anything happens. */
export function filesOf(pipeline: Pipeline): Record<string, string> {
  const targets = targetsOf(pipeline).map(({ application, environment: { name } }) => [
    pathOf(application, name),
    textOf(application, name, tagOf(0)),
  ]);
  return { [CONFIG_PATH]: configOf(pipeline), 'README.md': '# acme\n', ...Object.fromEntries(targets) };
}

export interface ModelTarget {
  application: string;
  environment: ModelEnvironment;
}

export function targetsOf({ applications, environments }: Pipeline): ModelTarget[] {
  return applications.flatMap((application) =>
    environments.map((environment) => ({ application, environment })),
  );
}
