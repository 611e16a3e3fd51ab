/** Client libraries as a page for people, from the same tables that fill scenarios. */
import { clientPresets } from '../models/clients/index.ts';
import type { ClientPreset, PresetSetting } from '../models/clients/preset.ts';

export function clientsPage(): string {
  return Object.entries(clientPresets).map(([name, preset]) => section(name, preset)).join('\n');
}

function section(name: string, { standsFor, about, publishing, producing, consuming, options, leftOut }: ClientPreset): string {
  return [
    `## ${name}`, '', `${standsFor}. ${about}`, '',
    ...table('producers', [...publishing, ...producing]), '',
    ...table('consumers', consuming), '',
    '| turned on or changed | is written |', '|---|---|', ...options.map(({ called, write }) => `| ${called} | ${write} |`), '',
    'Left out:', '', ...leftOut.map((each) => `- ${each}`), '',
  ].join('\n');
}

function table(whose: string, settings: readonly PresetSetting[]): string[] {
  return [`| ${whose} | default | in the library | source |`, '|---|---|---|---|', ...settings.map((each) => `| \`${each.setting}\` | ${valueOf(each)} | ${each.called} | ${each.source} |`)];
}

function valueOf({ value, times }: PresetSetting): string {
  return `\`${JSON.stringify(value).replaceAll('"', '')}\`${times === undefined ? '' : ` × \`${times}\``}`;
}
