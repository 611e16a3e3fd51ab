/** Which modelled version stands for the release that wrote a file. */
import { type Version, versions } from '../../models/brokers/rabbitmq/versions.ts';
import type { Notes } from './notes.ts';
import { ImportProblems, quoted } from './problems.ts';

/** @throws ImportProblems */
export function versionFor(release: string | undefined, told: Version | undefined, notes: Notes): Version {
  if (told !== undefined) return told;
  const parts = /^(\d+)\.(\d+)(?!\d)/.exec(release ?? '');
  if (parts === null) {
    const found = release === undefined ? 'no rabbit_version' : quoted(release);
    throw new ImportProblems([{ path: 'rabbit_version', message: 'the file does not say which RabbitMQ wrote it', found, hint: `tell it, as in --version ${versions.at(-1)}` }]);
  }
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  const version = nearestVersion(major, minor);
  if (version !== `${major}.${minor}`) notes.change(`RabbitMQ ${major}.${minor} is not modelled, ${version} stands for it; --version chooses another`);
  return version;
}

/** Of the same major version if there is one; of two as near as each other the older. */
function nearestVersion(major: number, minor: number): Version {
  const distance = (version: Version): number => {
    const [otherMajor, otherMinor] = version.split('.').map(Number) as [number, number];
    return Math.abs(otherMajor - major) * 1000 + Math.abs(otherMinor - minor);
  };
  if (major < 3) return versions[0];
  if (major > 4) return versions.at(-1)!;
  return versions.reduce((best, version) => (distance(version) < distance(best) ? version : best));
}
