import { z } from 'zod';
import { checkBranch, checkBuildText, checkRepository, placeholdersOf } from './check-text.ts';
import { list, section, text } from './schema-parts.ts';

/** What each event needs and may have besides what all sources have. */
const EVENTS = {
  workflow: { needs: 'workflow', allows: ['workflow', 'branch'] },
  release: { needs: null, allows: ['prereleases'] },
  dispatch: { needs: 'type', allows: ['type'] },
  status: { needs: 'context', allows: ['context', 'branch'] },
} as const;

const OWN_KEYS = ['workflow', 'branch', 'type', 'context', 'prereleases'] as const;

const shape = section({
  application: text(100)
    .optional()
    .meta({
      description: 'The application that is built. Default: the name of the repository.',
      examples: ['checkout'],
    }),
  repository: text(150, checkRepository).meta({
    description: 'The repository that builds it, as OWNER/NAME.',
    examples: ['acme/checkout'],
  }),
  on: z.enum(['workflow', 'release', 'dispatch', 'status']).default('workflow').meta({
    description:
      'Which event means that a build is done: a successful run of a workflow, a published release, a `repository_dispatch`, or a successful commit status of another CI.',
  }),
  workflow: text()
    .optional()
    .meta({
      description: 'For `on: workflow`: file or name of the workflow.',
      examples: ['build.yml'],
    }),
  branch: text(200, checkBranch)
    .optional()
    .meta({
      description:
        'For `on: workflow` and `on: status`: the branch that counts. Default: the default branch of the repository.',
      examples: ['main'],
    }),
  type: text()
    .optional()
    .meta({
      description: 'For `on: dispatch`: the `event_type` of the dispatch.',
      examples: ['image-published'],
    }),
  context: text(200)
    .optional()
    .meta({
      description: 'For `on: status`: the context of the status.',
      examples: ['jenkins/build'],
    }),
  prereleases: z.boolean().optional().meta({
    description: 'For `on: release`: whether prereleases count too. Default: `false`.',
  }),
  tag: text(200, checkBuildText)
    .optional()
    .meta({
      description:
        'The tag that the build gives its images, made of `{sha}`, `{short_sha}`, `{release}` (tag of the release) and `{payload.FIELD}` (field of the payload of a dispatch). May be left out for `on: release`, where it is `{release}`.',
      examples: ['{short_sha}', 'v{payload.version}'],
    }),
  digest: text(200, checkBuildText)
    .optional()
    .meta({
      description: 'The digest of the image, where the event tells it. Same placeholders.',
      examples: ['{payload.digest}'],
    }),
  images: list(text(300))
    .optional()
    .meta({
      description: 'Names of the images that the build sets. Default: all images of the application.',
      examples: [['ghcr.io/acme/checkout']],
    }),
});

export type ConfigSource = z.infer<typeof shape>;

type Report = (key: keyof ConfigSource, message: string) => void;

const source = shape.superRefine((value, context) => {
  const report: Report = (key, message) => context.addIssue({ code: 'custom', path: [key], message });
  checkOwnKeys(value, report);
  if (value.tag === undefined && value.on !== 'release') {
    report('tag', 'the source needs `tag:`, the tag that the build gives its images, such as "{short_sha}"');
  }
  for (const key of ['tag', 'digest'] as const) checkPlaceholders(value, key, report);
});

function checkOwnKeys(value: ConfigSource, report: Report): void {
  const { needs, allows } = EVENTS[value.on];
  if (needs && value[needs] === undefined) report(needs, `\`on: ${value.on}\` needs \`${needs}:\``);
  for (const key of OWN_KEYS) {
    if (value[key] === undefined || (allows as readonly string[]).includes(key)) continue;
    const events = Object.keys(EVENTS).filter((event) => {
      const allowed: readonly string[] = EVENTS[event as keyof typeof EVENTS].allows;
      return allowed.includes(key);
    });
    const right = events.map((event) => `\`on: ${event}\``).join(' and ');
    report(key, `\`${key}\` belongs to ${right}; this source has \`on: ${value.on}\``);
  }
}

function checkPlaceholders(value: ConfigSource, key: 'tag' | 'digest', report: Report): void {
  for (const name of placeholdersOf(value[key] ?? '')) {
    if (name === 'release' && value.on !== 'release') {
      report(key, `only \`on: release\` knows {release}; this source has \`on: ${value.on}\``);
    } else if (name.startsWith('payload') && value.on !== 'dispatch') {
      report(key, `only \`on: dispatch\` has a payload; this source has \`on: ${value.on}\``);
    } else if ((name === 'sha' || name === 'short_sha') && value.on === 'dispatch') {
      report(
        key,
        `a dispatch names no commit, so that {${name}} is not known; send it, and write {payload.${name}}`,
      );
    }
  }
}

export const sources = list(source, 1000, 0)
  .default([])
  .meta({
    description:
      'Which CI builds which application. A build opens a promotion into the environments without `from`.',
    examples: [
      [{ repository: 'acme/checkout', workflow: 'build.yml', tag: '{short_sha}' }],
      [{ repository: 'acme/cart', on: 'release', tag: '{release}' }],
      [{ repository: 'acme/shop', on: 'dispatch', type: 'image-published', tag: '{payload.tag}' }],
      [{ repository: 'acme/mail', on: 'status', context: 'jenkins/build', tag: '{sha}' }],
    ],
  });
