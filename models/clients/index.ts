/** The registry of client libraries. */
import { amqplib2 } from './amqplib-2.ts';
import { celery5 } from './celery-5.ts';
import { pika1 } from './pika-1.ts';
import type { ClientPreset } from './preset.ts';
import { rabbitmqJava5 } from './rabbitmq-java-5.ts';
import { springBoot3 } from './spring-boot-3.ts';

export const clientPresets = {
  'spring-boot-3': springBoot3,
  'celery-5': celery5,
  'amqplib-2': amqplib2,
  'rabbitmq-java-5': rabbitmqJava5,
  'pika-1': pika1,
} as const satisfies Readonly<Record<string, ClientPreset>>;

export type ClientName = keyof typeof clientPresets;
export const clientNames = Object.keys(clientPresets) as [ClientName, ...ClientName[]];
