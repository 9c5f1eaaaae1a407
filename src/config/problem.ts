/** Keys and indexes that lead from the top of the config to a value. */
export type ConfigPath = readonly (string | number)[];

/** One thing to correct in the config. */
export interface ConfigProblem {
  /** What is wrong and what to do, for people. */
  message: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  /** Last line of the value; absent when it is the first one. */
  endLine?: number;
  /** Where in the config: `environments.staging.gates[0]`; empty for the file as a whole. */
  path: string;
}

/** A problem before its place in the file is known. */
export interface Finding {
  message: string;
  path: ConfigPath;
  /** Whether the key rather than its value is wrong. */
  atKey?: boolean;
  /** Offset into the text that the value is, where one place in it is wrong. */
  at?: number;
}

/** A path as people write it: `environments.staging.gates[0]`. */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const text = /^[\w.-]+$/.test(part) ? part : JSON.stringify(part.slice(0, 100));
      return index === 0 ? text : `.${text}`;
    })
    .join('');
}

/** The value that a path leads to; undefined when there is none. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined;
    return typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }, root);
}
