import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

const about = `Print the JSON Schema of scenario files, for editors that complete and check.

Examples:
  $ faultline schema > faultline.schema.json
  and as the first line of a scenario: # yaml-language-server: $schema=faultline.schema.json`;

export function addSchemaCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('schema')
    .summary('print the JSON Schema of scenario files')
    .description(about)
    .action(async () => {
      const { jsonSchema } = await import('../../scenarios/json-schema.ts');
      terminal.print(JSON.stringify(jsonSchema(), undefined, 2));
    });
}
