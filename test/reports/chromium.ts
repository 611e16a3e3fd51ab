/** A headless Chromium, spoken to over a pipe in its DevTools protocol: no port is opened, and no library is needed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** The name of a browser on this machine, or null. */
export function findChromium(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
}

export interface Page {
  /** What the page complained about: its console, the policy it broke, errors nobody caught. */
  readonly complaints: readonly string[];
  /** Every address that was asked for. */
  readonly requests: readonly string[];
  send(method: string, parameters?: object): Promise<Fields>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until the expression is true. @throws when it never is */
  until(expression: string): Promise<void>;
}

export interface Browser {
  open(address: string, settings?: { scripts?: boolean; width?: number; height?: number; scheme?: 'light' | 'dark' }): Promise<Page>;
  close(): Promise<void>;
}

/** What the protocol sends: an answer to a command, or an event of a session. */
interface Answer {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}
type Fields = Readonly<Record<string, unknown>>;
type Listener = (method: string, parameters: Fields) => void;

export async function launch(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'faultline-chromium-'));
  const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars'];
  const child = spawn(program, [...quiet, '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const connection = connect(child);
  return {
    open: (address, settings = {}) => openPage(connection, address, settings),
    close: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await connection.send('Browser.close', {});
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Connection {
  send(method: string, parameters: object, session?: string): Promise<Fields>;
  readonly listeners: Map<string, Listener>;
}

/** Messages are JSON, each ended by a zero byte. */
function connect(child: ChildProcess): Connection {
  const commands = child.stdio[3] as Writable;
  const answers = child.stdio[4] as Readable;
  const waiting = new Map<number, { resolve: (value: Fields) => void; reject: (reason: Error) => void }>();
  const listeners = new Map<string, Listener>();
  let rest = '';
  let sent = 0;
  answers.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop()!;
    for (const { id, sessionId, method, params, result, error } of parts.map((part) => JSON.parse(part) as Answer)) {
      if (id === undefined) listeners.get(sessionId ?? '')?.(method!, params!);
      else if (error === undefined) waiting.get(id)?.resolve(result!);
      else waiting.get(id)?.reject(new Error(error.message));
    }
  });
  return {
    listeners,
    send: (method, parameters, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++sent;
        waiting.set(id, { resolve, reject });
        commands.write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`);
      }),
  };
}

async function openPage(connection: Connection, address: string, settings: NonNullable<Parameters<Browser['open']>[1]>): Promise<Page> {
  const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = (await connection.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
  const send = (method: string, parameters: object = {}) => connection.send(method, parameters, sessionId);
  const complaints: string[] = [];
  const requests: string[] = [];
  const loaded = new Promise<void>((resolve) => {
    connection.listeners.set(sessionId, (method, parameters) => {
      if (method === 'Page.loadEventFired') resolve();
      if (method === 'Network.requestWillBeSent') requests.push((parameters['request'] as { url: string }).url);
      if (method === 'Log.entryAdded') complaints.push((parameters['entry'] as { text: string }).text);
      if (method === 'Runtime.consoleAPICalled') complaints.push(JSON.stringify(parameters['args']));
      if (method === 'Runtime.exceptionThrown') complaints.push(JSON.stringify(parameters['exceptionDetails']));
    });
  });
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await send(`${domain}.enable`);
  await send('Emulation.setEmulatedMedia', { media: '', features: [{ name: 'prefers-color-scheme', value: settings.scheme ?? 'light' }] });
  await send('Emulation.setDeviceMetricsOverride', { width: settings.width ?? 1200, height: settings.height ?? 1000, deviceScaleFactor: 1, mobile: false });
  await send('Emulation.setScriptExecutionDisabled', { value: settings.scripts === false });
  await send('Page.navigate', { url: address });
  await loaded;
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: unknown }).value;
  };
  const until = async (expression: string) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      if ((await evaluate(expression)) === true) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it never came true in the page: ${expression}`);
  };
  return { complaints, requests, send, evaluate, until };
}
