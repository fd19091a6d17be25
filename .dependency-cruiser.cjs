/** The house's import rules: what may know of what. */
const only = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('trace-is-pure', '^src/trace/', '^(src/(?!trace/)|node:|fs|path)'),
    only('shared-knows-nobody', '^src/shared/', '^src/(?!shared/)'),
    only('image-knows-trace-only', '^src/image/', '^src/(?!image/|trace/|protocol/|shared/)'),
    only('engine-knows-no-loop', '^src/engine/', '^src/(?!engine/|trace/|protocol/|shared/)'),
    only('protocol-knows-nobody', '^src/protocol/', '^src/(?!protocol/)'),
    only('reason-looks-inward', '^src/reason/', '^src/(?!reason/|engine/|image/|trace/)'),
    only('synth-looks-inward', '^src/synth/', '^src/(?!synth/|reason/|image/|trace/|shared/)'),
    only('score-knows-traces-only', '^src/score/', '^src/(?!score/|trace/)'),
    only(
      'dataset-looks-inward',
      '^src/dataset/',
      '^src/(?!dataset/|reason/|engine/|image/|score/|trace/|shared/)',
    ),
    only(
      'sample-looks-inward',
      '^src/sample/',
      '^src/(?!sample/|dataset/|reason/|engine/|image/|score/|protocol/|trace/|shared/)',
    ),
    only('view-is-shared', '^src/view/', '^src/(?!view/|protocol/|trace/)|^node:'),
    only('webview-looks-inward', '^webview/', '^src/(?!view/|protocol/|trace/)|^node:'),
    only('nobody-imports-the-host', '^src/(?!host/|extension\\.ts)', '^src/host/'),
    only('nobody-imports-the-cli', '^src/(?!cli/)', '^src/cli/'),
    only('vscode-in-host-only', '^src/(?!host/|extension\\.ts)', '^vscode$'),
    only('onnxruntime-in-engine-onnx-only', '^src/(?!engine/onnx/)', 'node_modules/onnxruntime-node'),
    only('sharp-in-image-only', '^src/(?!image/)', 'node_modules/sharp'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
