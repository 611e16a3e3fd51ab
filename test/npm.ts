/** npm as a user calls it, without what the npm around the tests put into the environment. */
import { execFileSync, spawnSync } from 'node:child_process';

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/i.test(name) || /^npm_config_(registry|cache|userconfig|.*proxy|cafile)$/i.test(name)));

/** What npm printed. An exit code other than 0 throws with what it complained of. */
export function npm(words: readonly string[], folder: string): string {
  return execFileSync('npm', [...words], { cwd: folder, encoding: 'utf8', env: environment, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
}

/** Why packages cannot be installed here; undefined when they can. */
export function registryMissing(): string | undefined {
  const { status } = spawnSync('npm', ['view', 'commander', 'version', '--fetch-retries', '0', '--fetch-timeout', '10000'], { env: environment, stdio: 'ignore', shell: process.platform === 'win32' });
  return status === 0 ? undefined : 'the npm registry cannot be reached';
}
