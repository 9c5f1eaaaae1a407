export type ImagePart = 'newTag' | 'digest' | 'newName';

/** What a promotion may move. A target never gets a value that it does not hold, whole files excepted. */
export type PromoteRule =
  | {
      /** Entries of `images:` in kustomizations, and the `?ref=` of remote bases that name the same release. */
      kind: 'images';
      parts: readonly ImagePart[];
      /** Globs over the `name` of the entry; all images when empty. */
      names: readonly string[];
    }
  | {
      /** `?ref=` of every remote base, whether or not an image names the same release. */
      kind: 'refs';
    }
  | {
      /** One scalar. */
      kind: 'field';
      /** Glob below the target's root; null when the target is itself a file. */
      file: string | null;
      /** Dots between keys, `[0]` for an index, `[name=app]` to select in a list of maps: `spec.chart.spec.version`. */
      path: string;
    }
  | {
      /** Whole files: added, changed and deleted. */
      kind: 'files';
      /** Globs below the target's root. */
      include: readonly string[];
      exclude: readonly string[];
    };

/** What is promoted when the config has no `promote:` section. */
export const DEFAULT_PROMOTE_RULES: readonly PromoteRule[] = [
  { kind: 'images', parts: ['newTag', 'digest', 'newName'], names: [] },
];
