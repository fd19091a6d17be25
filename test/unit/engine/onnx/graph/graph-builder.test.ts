import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../../../src/engine/onnx/graph/graph-builder';
import { ProtoWriter } from '../../../../../src/engine/onnx/graph/protobuf';

test('numbers are written as protocol buffers do', () => {
  const bytes = (writer: ProtoWriter) => [...writer.finish()];
  expect(bytes(new ProtoWriter().int(1, 150))).toEqual([0x08, 0x96, 0x01]);
  expect(bytes(new ProtoWriter().string(2, 'testing'))).toEqual([0x12, 7, ...Buffer.from('testing')]);
  expect(bytes(new ProtoWriter().int(1, -1))).toEqual([0x08, ...Array(9).fill(0xff), 0x01]);
  expect(bytes(new ProtoWriter().float(3, 1))).toEqual([0x1d, 0, 0, 0x80, 0x3f]);
  expect(bytes(new ProtoWriter().ints(4, [3, 270, 86942]))).toEqual([0x22, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5]);
  expect(bytes(new ProtoWriter().message(3, new ProtoWriter().int(1, 150)))).toEqual([0x1a, 3, 8, 0x96, 1]);
});

test('offsets beyond 32 bits keep all their digits', () => {
  expect([...new ProtoWriter().int(1, 2 ** 40).finish()]).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
});

test('a built graph runs: attributes, optional inputs, several outputs, constants', async () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['n', 4]);
  const most = graph.input('most', 'float32', []);
  const [left, right] = graph.multi('Split', [x], 2, {
    attributes: { axis: { int: 1 }, num_outputs: { int: 2 } },
  });
  if (!left || !right) throw new Error('Split has two outputs');
  const sum = graph.node('Add', [
    graph.node('LeakyRelu', [left], { attributes: { alpha: { float: 0.5 } } }),
    right,
  ]);
  const clipped = graph.node('Clip', [sum, null, most]);
  const turned = graph.node('Transpose', [clipped], { attributes: { perm: { ints: [1, 0] } } });
  const flat = graph.node('Reshape', [turned, graph.constant([-1])], { outputs: ['y'] });
  graph.output(flat, 'float32', ['m']);
  const session = await ort.InferenceSession.create(graph.finish('test'));
  const feeds = {
    x: new ort.Tensor('float32', [-2, 2, 10, 20, 4, -4, 30, 40], [2, 4]),
    most: new ort.Tensor('float32', [30], []),
  };
  const { y } = await session.run(feeds);
  expect(y?.dims).toEqual([4]);
  expect([...(y?.data ?? [])]).toEqual([9, 30, 22, 30]);
});
