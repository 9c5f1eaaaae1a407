import type { TextSplice } from './splice.ts';

interface MapPlace {
  document: number;
  /** Leads to the mapping; for `append`, to the list. */
  address: readonly (string | number)[];
}

/** A change of a mapping or list, rather than of a value that stands there. */
export type StructureEdit = MapPlace &
  (
    | { action: 'insert'; key: string; value: string }
    | { action: 'remove'; key: string; from: string }
    | { action: 'rename'; key: string; from: string; newKey: string; value: string }
    /** A new entry of a list of mappings; the list is made when there is none. */
    | { action: 'append'; entries: readonly (readonly [string, string])[] }
  );

export type Planned = { ok: true; splices: readonly TextSplice[] } | { ok: false; reason: string };
