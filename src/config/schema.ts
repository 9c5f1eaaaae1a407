import { z } from 'zod';
import { checkSharedTemplate } from './check-text.ts';
import { commands } from './schema-commands.ts';
import { defaults, environments, overrides } from './schema-environments.ts';
import { notify } from './schema-notify.ts';
import { list, oneOrMore, section, text } from './schema-parts.ts';
import { glob, promote } from './schema-promote.ts';
import { sources } from './schema-sources.ts';

const applications = z
  .union(
    [
      oneOrMore(glob),
      section({
        include: oneOrMore(glob)
          .default(['**'])
          .meta({ description: 'Globs of the applications to promote.', examples: [['shop-*']] }),
        exclude: oneOrMore(glob)
          .optional()
          .meta({ description: 'Globs of applications to leave alone.', examples: [['legacy-*']] }),
      }),
    ],
    { error: 'write a glob, a list of globs, or { include, exclude }' },
  )
  .optional()
  .meta({
    description: 'Which of the applications found by `path` are promoted, by name. Default: all.',
    examples: [['shop-*'], { exclude: ['legacy-*'] }],
  });

/**
 * The one source of the config's syntax: it checks `.github/sluice.yml`, and both the JSON Schema and the
 * reference for people are made of it.
 */
export const configSchema = section({
  path: oneOrMore(text(200, checkSharedTemplate), 10)
    .optional()
    .meta({
      description:
        'Where an application lives in an environment: a folder, or a file. `{app}` stands for the application, `{env}` for the environment; further variables such as `{region}` become part of the name of the application. Of several paths, the first that exists for an application in an environment counts. May be left out when every environment has its own.',
      examples: ['apps/{app}/overlays/{env}', ['components/{app}/{env}/base', 'components/{app}/{env}']],
    }),
  environments,
  defaults,
  overrides,
  applications,
  promote,
  sources,
  notify,
  labels: list(text(50), 20, 0)
    .default(['sluice'])
    .meta({ description: 'Labels of every promotion pull request.' }),
  'merge-method': z
    .enum(['squash', 'merge', 'rebase'])
    .default('squash')
    .meta({ description: 'How promotions are merged. The repository must allow it.' }),
  dashboard: z.boolean().default(true).meta({
    description:
      'Whether Sluice keeps an issue in this repository that shows what is where, what is under way and what holds it up.',
  }),
  commands,
});

export type Config = z.infer<typeof configSchema>;
