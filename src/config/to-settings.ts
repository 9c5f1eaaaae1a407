import { NOTICE_EVENTS, type NotifyRule } from '../domain/notify-rule.ts';
import { sortStages } from '../domain/pipeline.ts';
import { DEFAULT_PROMOTE_RULES, type HelmPart, type PromoteRule } from '../domain/promote-rule.ts';
import type { BuildEvent, BuildSource, Settings } from '../domain/settings.ts';
import { matchEnvironments } from './match-environments.ts';
import type { Config } from './schema.ts';
import { toAllPermissions } from './schema-commands.ts';
import type { ConfigNotify } from './schema-notify.ts';
import { isRecord, toList } from './schema-parts.ts';
import type { ConfigRule } from './schema-promote.ts';
import type { ConfigSource } from './schema-sources.ts';
import { toAllow, toEnvironments, toOverride } from './to-environments.ts';

/** Puts a checked config into the terms of the domain. Its references must have been checked too. */
export function toSettings(config: Config): Settings {
  const environments = toEnvironments(config);
  return {
    environments: sortStages(environments),
    overrides: config.overrides.map((each) => toOverride(each, Object.keys(config.environments))),
    applications: toApplications(config.applications),
    promote: config.promote?.map(toRule) ?? DEFAULT_PROMOTE_RULES,
    sources: config.sources.map(toSource),
    notify: config.notify.map((each) => toNotifyRule(each, Object.keys(config.environments))),
    labels: [...new Set(config.labels)],
    mergeMethod: config['merge-method'],
    ...(config.dashboard ? {} : { dashboard: false }),
    permissions: toAllPermissions(config.commands),
  };
}

function toApplications(value: Config['applications']): Settings['applications'] {
  // A single `*` would miss names that are made of several variables, such as payments/checkout.
  if (value === undefined) return { include: ['**'], exclude: [] };
  if (!isRecord(value)) return { include: toList(value), exclude: [] };
  return { include: toList(value.include), exclude: toList(value.exclude ?? []) };
}

const HELM_PARTS: readonly HelmPart[] = ['tag', 'digest', 'repository', 'appVersion'];

function toRule(rule: ConfigRule): PromoteRule {
  if (rule === 'images') return { kind: 'images', parts: ['newTag', 'digest', 'newName'], names: [] };
  if (rule === 'refs') return { kind: 'refs' };
  if (rule === 'helm') return { kind: 'helm', parts: HELM_PARTS, names: [] };
  if (typeof rule === 'string') return { kind: rule, names: [] };
  if ('files' in rule) return toFiles(rule);
  const allow = toAllow(rule.allow);
  if ('images' in rule) return { kind: 'images', parts: rule.parts, names: toList(rule.images), ...allow };
  if ('helm' in rule) return { kind: 'helm', parts: rule.parts, names: toList(rule.helm), ...allow };
  if ('charts' in rule) return { kind: 'charts', names: toList(rule.charts), ...allow };
  if ('argocd' in rule) return { kind: 'argocd', names: toList(rule.argocd), ...allow };
  if ('flux' in rule) return { kind: 'flux', names: toList(rule.flux), ...allow };
  return { kind: 'field', file: rule.file ?? null, path: rule.field, ...allow };
}

function toFiles(rule: Extract<ConfigRule, { files: unknown }>): PromoteRule {
  return { kind: 'files', include: toList(rule.files), exclude: toList(rule.exclude ?? []) };
}

function toSource(source: ConfigSource): BuildSource {
  return {
    application: source.application ?? source.repository.replace(/^.*\//, ''),
    repository: source.repository,
    event: toEvent(source),
    tag: source.tag ?? '{release}',
    digest: source.digest ?? null,
    images: source.images ?? [],
  };
}

function toNotifyRule(rule: ConfigNotify, names: readonly string[]): NotifyRule {
  return {
    variable: rule.url,
    format: rule.format,
    events: toList(rule.events ?? NOTICE_EVENTS),
    environments: matchEnvironments(rule.environments, names),
    applications: toList(rule.applications ?? ['**']),
  };
}

function toEvent(source: ConfigSource): BuildEvent {
  const { on, workflow = '', type = '', context = '', prereleases = false } = source;
  const branch = source.branch ?? null;
  if (on === 'workflow') return { kind: on, workflow, branch };
  if (on === 'release') return { kind: on, prereleases };
  return on === 'dispatch' ? { kind: on, type } : { kind: on, context, branch };
}
