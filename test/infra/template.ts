import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../../infra/functions.ts';
import { createApp } from '../../infra/stage-app.ts';

/** A resource of a CloudFormation template. */
export type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: read where it is asserted, property by property
  readonly Properties: any;
  readonly DeletionPolicy?: string;
};

/** A template, and the two ways in which tests look things up in it. */
export type Template = ReturnType<typeof readTemplate>;

/** What one run of the tests has synthesized; the run's process id is in the name. */
const SYNTHESIZED = join(tmpdir(), `baton-templates-${process.ppid}`);

/**
 * The template of a stage, synthesized over bundles that hold nothing: what a function's code is
 * makes no difference to what is asserted about the stack. All test files of a run share what one
 * of them has synthesized.
 */
export function synthesize(stage: string, context: Record<string, string> = {}): Template {
  const file = join(SYNTHESIZED, `${encodeURIComponent(JSON.stringify([stage, context]))}.json`);
  if (!existsSync(file)) {
    removeThoseOfEarlierRuns();
    mkdirSync(SYNTHESIZED, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(synthesizeAnew(stage, context)));
    renameSync(`${file}.${process.pid}`, file);
  }
  return readTemplate(JSON.parse(readFileSync(file, 'utf8')));
}

function synthesizeAnew(stage: string, context: Record<string, string>) {
  const scratch = mkdtempSync(join(tmpdir(), 'baton-synth-'));
  // The CDK's own validator takes ten seconds of a core; the test of the command has it run.
  process.env.CDK_VALIDATION = 'false';
  try {
    const assembly = createApp({
      bundles: emptyBundles(scratch),
      outdir: join(scratch, 'cdk.out'),
      context: { stage, ...context },
    }).synth();
    return assembly.getStackByName(`baton-${stage}`).template;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function removeThoseOfEarlierRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^baton-templates-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

/** Wraps a template document. */
export function readTemplate(document: { Resources: Record<string, Resource> }) {
  const entries = Object.entries(document.Resources);
  return {
    document,
    /** All resources of a type, as `[logical id, properties]`. */
    all(type: string): [string, Resource['Properties']][] {
      return entries
        .filter(([, resource]) => resource.Type === type)
        .map(([id, resource]) => [id, resource.Properties ?? {}]);
    },
    /** The only resource of a type. */
    only(type: string): Resource {
      const found = entries.filter(([, resource]) => resource.Type === type);
      if (found.length !== 1 || !found[0]) {
        throw new Error(`${found.length} resources are ${type}`);
      }
      return found[0][1];
    },
    /** A resource by its logical id. */
    get(id: string): Resource {
      const resource = document.Resources[id];
      if (!resource) {
        throw new Error(`No resource ${id}`);
      }
      return resource;
    },
    /** The functions by the name of their folder, with their logical id. */
    functions(): Map<string, { id: string; properties: Resource['Properties'] }> {
      return new Map(
        this.all('AWS::Lambda::Function').map(([id, properties]) => [
          properties.FunctionName.replace(/^baton-[^-]+-/, ''),
          { id, properties },
        ]),
      );
    },
  };
}

/**
 * What a value reads like once CloudFormation has resolved it, references written as `<LogicalId>`
 * and `<LogicalId.Attribute>`.
 */
export function render(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Ref') {
    return `<${argument}>`;
  }
  if (name === 'Fn::GetAtt') {
    return `<${argument.join('.')}>`;
  }
  if (name === 'Fn::Join') {
    return argument[1].map(render).join(argument[0]);
  }
  if (name === 'Fn::Sub') {
    const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
    return text.replace(/\$\{([^}]+)\}/g, (_: string, key: string) =>
      key in values ? render(values[key]) : `<${key}>`,
    );
  }
  throw new Error(`Cannot render ${JSON.stringify(value)}`);
}

/** The logical id in a reference. */
export function target(value: unknown): string {
  const [, id] = /^<([^.>]+)/.exec(render(value)) ?? [];
  if (!id) {
    throw new Error(`Not a reference: ${JSON.stringify(value)}`);
  }
  return id;
}

function emptyBundles(scratch: string): string {
  const directory = join(scratch, 'bundles');
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'index.mjs'), `// ${name}`);
  }
  return directory;
}
