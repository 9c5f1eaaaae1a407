/**
 * All that a renderer sees of the environment: none of Sluice's own variables, no program on the PATH (git above all),
 * and proxies that refuse at once, where a silent network would hold it up for minutes.
 */
export function quietEnvironment(home: string): Record<string, string> {
  // Port 9 is that of the discard service, which nothing runs.
  const dead = 'http://127.0.0.1:9';
  return {
    PATH: '/nonexistent',
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    HTTP_PROXY: dead,
    HTTPS_PROXY: dead,
    ALL_PROXY: dead,
    NO_PROXY: '',
    http_proxy: dead,
    https_proxy: dead,
    KUBECONFIG: '/dev/null',
    // Collects garbage harder before it runs into the limit. https://pkg.go.dev/runtime#hdr-Environment_Variables
    GOMEMLIMIT: '1GiB',
  };
}
