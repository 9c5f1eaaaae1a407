import { z } from 'zod';
import { checkFieldPath, checkGlob } from './check-text.ts';
import { list, oneOrMore, section, text, unknownKind } from './schema-parts.ts';

export const glob = text(200, checkGlob);

const IMAGE_PARTS = ['newTag', 'digest', 'newName'] as const;

const images = section({
  images: oneOrMore(glob).meta({
    description:
      'Images of kustomizations whose name matches one of these globs. The short form `images` takes all.',
    examples: [['ghcr.io/acme/*']],
  }),
  parts: list(z.enum(IMAGE_PARTS), 3)
    .default([...IMAGE_PARTS])
    .meta({ description: 'Which parts of an image move: `newTag`, `digest`, `newName`.' }),
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

const KINDS = ['images', 'refs', 'field', 'files'];

const rule = z.union([z.literal('images'), z.literal('refs'), images, field, files], {
  error: unknownKind('promote rule', KINDS, 'Rules'),
});

export const promote = list(rule, 50)
  .optional()
  .meta({
    description:
      'What moves from one environment to the next, and only where a target holds it already. Without it: `images`. `images` are the images of kustomizations and the `?ref=` of remote bases that name the same release; `refs` is the `?ref=` of every remote base.',
    examples: [
      ['images', 'refs'],
      [{ field: 'image.tag', file: 'values.yaml' }],
      [{ files: ['config/*.yaml'], exclude: ['config/secret-*'] }],
    ],
  });

export type ConfigRule = z.infer<typeof rule>;
