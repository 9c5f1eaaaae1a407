/** What the graph needs of an environment. */
export interface PipelineStage {
  name: string;
  from: readonly string[];
}

export type PipelineProblem =
  | { kind: 'unknown-source'; environment: string; source: string }
  | { kind: 'duplicate'; environment: string }
  | { kind: 'cycle'; environments: string[] };

/**
 * Problems that keep environments from being a directed acyclic graph: a `from` that names nothing,
 * a name used twice, a cycle (named in order). None means that `sortStages` gives an order.
 */
export function findPipelineProblems(stages: readonly PipelineStage[]): PipelineProblem[] {
  const problems: PipelineProblem[] = [];
  const names = new Set<string>();
  for (const { name } of stages) {
    if (names.has(name)) problems.push({ kind: 'duplicate', environment: name });
    names.add(name);
  }
  for (const { name, from } of stages) {
    for (const source of from) {
      if (!names.has(source)) problems.push({ kind: 'unknown-source', environment: name, source });
    }
  }
  const cycle = findCycle(stages);
  return cycle ? [...problems, { kind: 'cycle', environments: cycle }] : problems;
}

/** Stages so that each stands after all that it takes from; otherwise in the given order. Throws on a cycle. */
export function sortStages<Stage extends PipelineStage>(stages: readonly Stage[]): Stage[] {
  const sorted: Stage[] = [];
  const placed = new Set<string>();
  let waiting = [...stages];
  while (waiting.length > 0) {
    const ready = waiting.filter((stage) => stage.from.every((source) => placed.has(source)));
    if (ready.length === 0) {
      throw new Error(`environments form a cycle: ${waiting.map((stage) => stage.name).join(', ')}`);
    }
    for (const stage of ready) {
      sorted.push(stage);
      placed.add(stage.name);
    }
    waiting = waiting.filter((stage) => !placed.has(stage.name));
  }
  return sorted;
}

function findCycle(stages: readonly PipelineStage[]): string[] | null {
  const sources = new Map(stages.map((stage) => [stage.name, stage.from]));
  const done = new Set<string>();
  const walk = (name: string, trail: string[]): string[] | null => {
    const start = trail.indexOf(name);
    if (start >= 0) return [...trail.slice(start), name];
    if (done.has(name)) return null;
    for (const source of sources.get(name) ?? []) {
      const cycle = walk(source, [...trail, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return null;
  };
  for (const { name } of stages) {
    const cycle = walk(name, []);
    if (cycle) return cycle;
  }
  return null;
}
