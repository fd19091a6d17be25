import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Provider } from '../../engine';

/** Libraries that onnxruntime-node loads for CUDA, and leaves to its installation. */
const CUDA = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/** Which files of a provider are not there, and where they come from; null if none is known to be missing. */
export function whatIsMissing(provider: Provider): string | null {
  if (provider !== 'cuda') return null;
  const main = createRequire(join(__dirname, 'any.js')).resolve('onnxruntime-node/package.json');
  const folder = join(dirname(main), 'bin', 'napi-v6', process.platform, process.arch);
  const missing = CUDA.filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return null;
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not in ${folder}; the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux 1.30.0 has them, and they need CUDA 12 and cuDNN 9`;
}
