export type ImagePart = 'newTag' | 'digest' | 'newName';
export type HelmPart = 'tag' | 'digest' | 'repository' | 'appVersion';

/** Every constraint must let a value in: `>=1.4 <2`, `!*-rc*`. See `parseConstraint`. */
interface Constrained {
  allow?: readonly string[];
}

/** What a promotion may move. A target never gets a value that it does not hold, whole files excepted. */
export type PromoteRule =
  | ({
      /** Entries of `images:` in kustomizations, and the `?ref=` of remote bases that name the same release. */
      kind: 'images';
      parts: readonly ImagePart[];
      /** Globs over the `name` of the entry; all images when empty. */
      names: readonly string[];
    } & Constrained)
  | ({
      /** Helm charts that kustomizations (`helmCharts:`) and charts (`dependencies:`) use, by their version. */
      kind: 'charts';
      /** Globs over the name of the chart; all when empty. */
      names: readonly string[];
    } & Constrained)
  | ({
      /** Images in Helm values (`image.tag`), and the `appVersion` of a chart. */
      kind: 'helm';
      parts: readonly HelmPart[];
      /** Globs over the path of the image (`web.image`); all when empty. */
      names: readonly string[];
    } & Constrained)
  | ({
      /** Revisions and images of Argo CD Applications and ApplicationSets, or of Flux objects. */
      kind: 'argocd' | 'flux';
      /** Globs over the name of the object, without the name of the environment; all when empty. */
      names: readonly string[];
    } & Constrained)
  | {
      /** `?ref= of every remote base, whether or not an image names the same release. */
      kind: 'refs';
    }
  | ({
      /** One scalar. */
      kind: 'field';
      /** Glob below the target's root; null when the target is itself a file. */
      file: string | null;
      /** Dots between keys, `[0]` for an index, `[name=app]` to select in a list of maps: `spec.chart.spec.version`. */
      path: string;
    } & Constrained)
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
