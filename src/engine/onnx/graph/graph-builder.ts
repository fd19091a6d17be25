import { ProtoWriter } from './protobuf';

/** Element types by their number in onnx.proto (`TensorProto.DataType`). */
export const elementType = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof elementType;

/** An edge of the graph. Only a builder makes one, so a node cannot name an edge that is not there. */
export interface Value {
  readonly name: string;
}

/** A length, or the name of one that is known only when the graph runs. */
export type Dimension = number | string;

/** Bytes `[offset, offset + length)` of a file, relative to the folder that the session is told of. */
export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** ONNX tells whole numbers from floats by the attribute's type, JavaScript does not: so each says which it is. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number };

export interface NodeOptions {
  /** Empty for ai.onnx; `com.microsoft` for onnxruntime's own operators. */
  readonly domain?: '' | 'com.microsoft';
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Names of output edges that must have a certain name; the others are numbered. */
  readonly outputs?: readonly string[];
}

const irVersion = 10;
const opsets = [
  ['', 21],
  ['com.microsoft', 1],
] as const;

/** Builds one ONNX graph, edge by edge, and writes it as a `ModelProto`. Large weights stay outside, in the data files. */
export class GraphBuilder {
  private readonly nodes: ProtoWriter[] = [];
  private readonly initializers: ProtoWriter[] = [];
  private readonly inputs: ProtoWriter[] = [];
  private readonly outputs: ProtoWriter[] = [];
  private readonly externals = new Map<string, Value>();
  private count = 0;

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.inputs.push(valueInfo(name, type, shape));
    return { name };
  }

  output(value: Value, type: ElementType, shape: readonly Dimension[]): void {
    this.outputs.push(valueInfo(value.name, type, shape));
  }

  /** An output that is a sequence of tensors. */
  outputSequence(value: Value, type: ElementType): void {
    const element = new ProtoWriter().message(1, new ProtoWriter().int(1, elementType[type]));
    const sequence = new ProtoWriter().message(4, new ProtoWriter().message(1, element));
    this.outputs.push(new ProtoWriter().string(1, value.name).message(2, sequence));
  }

  /** A weight in a data file. The same name is written once, so that a tied weight is shared. */
  external(name: string, type: ElementType, shape: readonly number[], data: ExternalData): Value {
    const known = this.externals.get(name);
    if (known) return known;
    const tensor = new ProtoWriter().ints(1, shape).int(2, elementType[type]).string(8, name);
    const entries = { location: data.file, offset: String(data.offset), length: String(data.length) };
    for (const [key, value] of Object.entries(entries)) {
      tensor.message(13, new ProtoWriter().string(1, key).string(2, value));
    }
    this.initializers.push(tensor.int(14, 1));
    const added = { name };
    this.externals.set(name, added);
    return added;
  }

  /** A small list of int64 inside the model: a shape, an axis, an index. */
  constant(values: readonly number[]): Value {
    const name = `constant_${this.count++}`;
    const raw = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
    this.initializers.push(
      new ProtoWriter().ints(1, [values.length]).int(2, elementType.int64).string(8, name).bytes(9, raw),
    );
    return { name };
  }

  /** One float inside the model. */
  scalar(value: number): Value {
    const name = `constant_${this.count++}`;
    const raw = new Uint8Array(Float32Array.of(value).buffer);
    this.initializers.push(new ProtoWriter().int(2, elementType.float32).string(8, name).bytes(9, raw));
    return { name };
  }

  /** Adds a node and gives its first output. `null` leaves an optional input out. */
  node(op: string, inputs: readonly (Value | null)[], options: NodeOptions = {}): Value {
    const [first] = this.multi(op, inputs, 1, options);
    if (!first) throw new Error(`${op} has no output`);
    return first;
  }

  /** Adds a node and gives its `count` outputs. */
  multi(op: string, inputs: readonly (Value | null)[], count: number, options: NodeOptions = {}): Value[] {
    const name = `${op}_${this.count++}`;
    const node = new ProtoWriter();
    for (const input of inputs) node.string(1, input?.name ?? '');
    const outputs = Array.from({ length: count }, (_, i) => options.outputs?.[i] ?? `${name}_${i}`);
    for (const output of outputs) node.string(2, output);
    node.string(3, name).string(4, op);
    for (const [key, value] of Object.entries(options.attributes ?? {}))
      node.message(5, attribute(key, value));
    if (options.domain) node.string(7, options.domain);
    this.nodes.push(node);
    return outputs.map((output) => ({ name: output }));
  }

  /** The bytes of the model. Nodes must have been added in the order they run in. */
  finish(name: string): Uint8Array {
    const graph = new ProtoWriter();
    for (const node of this.nodes) graph.message(1, node);
    graph.string(2, name);
    for (const initializer of this.initializers) graph.message(5, initializer);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    const model = new ProtoWriter().int(1, irVersion).string(2, 'vilasr').message(7, graph);
    for (const [domain, version] of opsets) {
      model.message(8, new ProtoWriter().string(1, domain).int(2, version));
    }
    return model.finish();
  }
}

function attribute(name: string, value: Attribute): ProtoWriter {
  const writer = new ProtoWriter().string(1, name);
  if ('int' in value) return writer.int(3, value.int).int(20, 2);
  if ('float' in value) return writer.float(2, value.float).int(20, 1);
  return writer.ints(8, value.ints).int(20, 7);
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ProtoWriter {
  const dimensions = new ProtoWriter();
  for (const dimension of shape) {
    const writer = new ProtoWriter();
    dimensions.message(
      1,
      typeof dimension === 'number' ? writer.int(1, dimension) : writer.string(2, dimension),
    );
  }
  const tensor = new ProtoWriter().int(1, elementType[type]).message(2, dimensions);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
}
