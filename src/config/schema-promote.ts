import { z } from 'zod';
import { checkConstraint, checkFieldPath, checkGlob } from './check-text.ts';
import { list, oneOrMore, section, text, unknownKind } from './schema-parts.ts';

export const glob = text(200, checkGlob);

const IMAGE_PARTS = ['newTag', 'digest', 'newName'] as const;
const HELM_PARTS = ['tag', 'digest', 'repository', 'appVersion'] as const;

/** Constraints of a rule or of an environment. */
export function constraint(description: string) {
  return oneOrMore(text(200, checkConstraint), 20)
    .optional()
    .meta({ description, examples: ['>=1.4 <2', ['>=1.4', '!*-rc*']] });
}

const allow = constraint('Versions that the rule lets through; all others stay where they are.');

const images = section({
  images: oneOrMore(glob).meta({
    description:
      'Images of kustomizations whose name matches one of these globs. The short form `images` takes all.',
    examples: [['ghcr.io/acme/*']],
  }),
  parts: list(z.enum(IMAGE_PARTS), 3)
    .default([...IMAGE_PARTS])
    .meta({ description: 'Which parts of an image move: `newTag`, `digest`, `newName`.' }),
  allow,
});

const charts = section({
  charts: oneOrMore(glob).meta({
    description:
      'Helm charts whose name matches one of these globs: `helmCharts:` of kustomizations and `dependencies:` of `Chart.yaml`. The short form `charts` takes all.',
    examples: [['podinfo']],
  }),
  allow,
});

const helm = section({
  helm: oneOrMore(glob).meta({
    description:
      'Images in `values*.yaml` whose path matches one of these globs. The short form `helm` takes all, and the `appVersion` of `Chart.yaml`.',
    examples: [['image', 'web.image']],
  }),
  parts: list(z.enum(HELM_PARTS), 4)
    .default([...HELM_PARTS])
    .meta({ description: 'Which parts of an image move: `tag`, `digest`, `repository`.' }),
  allow,
});

const argocd = section({
  argocd: oneOrMore(glob).meta({
    description:
      'Argo CD Applications and ApplicationSets whose name matches one of these globs. The short form `argocd` takes all. A name is taken without that of the environment: `checkout-staging` is `checkout` in staging.',
    examples: [['checkout']],
  }),
  allow,
});

const flux = section({
  flux: oneOrMore(glob).meta({
    description:
      'Flux objects whose name matches one of these globs. The short form `flux` takes all. A name is taken without that of the environment.',
    examples: [['podinfo']],
  }),
  allow,
});

const field = section({
  field: text(200, checkFieldPath).meta({
    description:
      'A single value in YAML: keys with dots between them, `[0]` for an entry by number, `[name=web]` by key. `{env}` stands for the name of the environment, so that environments can share a file.',
    examples: ['spec.chart.spec.version', 'containers[name=web].image', '{env}.tag'],
  }),
  file: glob.optional().meta({
    description:
      'Glob of the files below the folder of the target. Left out when the target is itself a file.',
    examples: ['values*.yaml'],
  }),
  allow,
});

const files = section({
  files: oneOrMore(glob).meta({
    description: 'Globs of whole files below the folder of the target: added, changed and deleted.',
    examples: [['config/*.yaml']],
  }),
  exclude: oneOrMore(glob)
    .optional()
    .meta({
      description: 'Globs of files that stay as they are.',
      examples: [['config/secret-*']],
    }),
});

const KINDS = ['images', 'refs', 'charts', 'helm', 'argocd', 'flux', 'field', 'files'];
const SHORT = ['images', 'refs', 'charts', 'helm', 'argocd', 'flux'] as const;

const short = SHORT.map((name) => z.literal(name));
const rule = z.union([...short, images, charts, helm, argocd, flux, field, files], {
  error: unknownKind('promote rule', KINDS, 'Rules'),
});

export const promote = list(rule, 50)
  .optional()
  .meta({
    description:
      'What moves from one environment to the next, and only where a target holds it already. Without it: `images`. `images` are the images of kustomizations and the `?ref=` of remote bases that name the same release; `refs` is the `?ref=` of every remote base; `charts` are versions of Helm charts in kustomizations and in `Chart.yaml`; `helm` is the images of `values*.yaml` and the `appVersion` of `Chart.yaml`; `argocd` and `flux` are the revisions, chart versions and images of their objects.',
    examples: [
      ['images', 'refs'],
      ['argocd', { flux: ['podinfo'], allow: '>=6 <7' }],
      [{ field: 'image.tag', file: 'values.yaml' }],
      [{ files: ['config/*.yaml'], exclude: ['config/secret-*'] }],
    ],
  });

export type ConfigRule = z.infer<typeof rule>;
