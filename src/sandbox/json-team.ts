import type { SandboxContext } from './context.ts';
import { nodeId, organizationJson } from './json.ts';
import { FOUNDED } from './json-profile.ts';
import type { Organization, Team } from './state.ts';

type Json = Record<string, unknown>;

/** A team as lists and requests for review have it. */
export function teamJson(sandbox: SandboxContext, organization: Organization, team: Team): Json {
  const api = `${sandbox.url()}/organizations/${organization.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    type: 'organization',
    organization_id: organization.id,
    url: api,
    html_url: `${sandbox.url()}/orgs/${organization.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    parent: null,
  };
}

/** A team as it is asked for by its name, its organisation in it. */
export function fullTeamJson(sandbox: SandboxContext, organization: Organization, team: Team): Json {
  const repositories = [...sandbox.state.repositories.values()].filter(
    (repository) => repository.owner === organization.login,
  );
  return {
    ...teamJson(sandbox, organization, team),
    members_count: team.members.size,
    repos_count: repositories.filter((repository) => repository.teams.has(team.slug)).length,
    created_at: FOUNDED,
    updated_at: FOUNDED,
    organization: {
      ...organizationJson(sandbox, organization.login),
      html_url: `${sandbox.url()}/${organization.login}`,
      type: 'Organization',
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: repositories.filter((repository) => !repository.private).length,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: FOUNDED,
      updated_at: FOUNDED,
      archived_at: null,
    },
  };
}
