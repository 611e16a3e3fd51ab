import { Argument, type Command, Option } from 'commander';
import { versions } from '../../models/brokers/rabbitmq/versions.ts';
import type { CommandContext } from '../context.ts';
import type { ImportCommandOptions } from '../import-definitions.ts';

const about = `Make a scenario of a broker that exists, to be completed by hand.

The topology is taken over under its own names; producers, consumers and times
are placeholders, marked as such. What is left out is listed in the scenario and
on stderr.

Examples:
  $ rabbitmqctl export_definitions definitions.json
  $ faultline import rabbitmq definitions.json --out shop.yaml
  $ faultline import rabbitmq definitions.json --vhost shop --version 4.3 > shop.yaml`;

export function addImportCommand(program: Command, context: CommandContext): void {
  program
    .command('import')
    .summary('make a scenario of a broker that exists')
    .description(about)
    .addArgument(new Argument('<kind>', 'the broker').choices(['rabbitmq']))
    .argument('<file>', 'what rabbitmqctl export_definitions wrote')
    .addOption(new Option('--version <version>', 'which RabbitMQ it stands for; the one that wrote the file unless told').choices(versions))
    .option('--vhost <name>', 'the virtual host to take over; / unless told, or the only one that has queues')
    .option('--out <file>', 'write the scenario into a file instead of printing it')
    .option('--force', 'replace that file if it is there')
    .option('--json', 'print one JSON object: the scenario, and what was left out')
    .action(async (_: string, file: string, options: ImportCommandOptions) => {
      const { importDefinitionsFile } = await import('../import-definitions.ts');
      context.finish(importDefinitionsFile(file, options, context));
    });
}
