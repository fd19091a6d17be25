import { upstreamRelativeAccuracy } from './mean-relative-accuracy';
import { extractAnswer, firstNumber } from './text';

/**
 * Accuracy as upstream's reward computes it of the last message, 0..1. Multiple choice: the very same characters. Numerical
 * and regression: mean relative accuracy of the first number in the answer, or, without answer tags, in the whole message.
 * Any other type, also one that is written otherwise than here: 0.
 */
export function trainingAccuracy(output: string, gold: string, questionType: string): number {
  const [answer, right] = [extractAnswer(output), extractAnswer(gold)];
  switch (questionType) {
    case 'multiple choice':
      return answer === right ? 1 : 0;
    case 'numerical':
    case 'regression': {
      const [said, wanted] = [firstNumber(answer), firstNumber(right)];
      return said === null || wanted === null ? 0 : upstreamRelativeAccuracy(said, wanted);
    }
    default:
      return 0;
  }
}
