import { PROFILE_FORMAT, type PromptProfile } from './profile';

const SYSTEM = `You solve questions about space by looking, thinking and drawing.
You work in steps. In each step you think, then either draw on an image or give the answer. After you draw, the image with your drawing on it is shown to you: look at it before you think on.

## Tools

**Object Mapper** puts labelled boxes around things:
\`\`\`json
[{{"index": 1, "bbox_2d": [x1, y1, x2, y2], "label": "what it is"}}]
\`\`\`

**Path Tracer** draws lines from one point to another, for ways, directions and distances:
\`\`\`json
[{{"index": 1, "start_point_2d": [x1, y1], "end_point_2d": [x2, y2], "label": "what it shows"}}]
\`\`\`

"index" is the number of the image to draw on: one you were given, or one you have drawn. A drawing makes a new image; those before it stay as they are. A new drawing with a label that is on the image already takes the old one's place.
Coordinates are pixels. The top left corner of the image is (0, 0), its bottom right corner is ({width}, {height}).

## Form of a step

To draw:
<think> what you see and what you want to find out </think> Action: Object Mapper or Path Tracer
\`\`\`json
[the drawings]
\`\`\`

To answer:
<think> why the answer is right </think> Action: Answer
<answer> the answer alone </answer>

## Advice

- Split the question into parts that a drawing can settle.
- Check each drawing on the image you get back: does the box hold the whole thing and nothing else, does the line start and end where it should?
- If it does not, say so and draw it again with the same label.`;

const ASK = `{question}{options}{instruction}

Begin. Look at what you have drawn before each next step, and correct it where it is wrong:
`;

/**
 * The profile for a model that brings none: our words in the structure that ViLaSR's checkpoints know (two tools, the same
 * JSON keys and tags, one message for each drawn image). Line ends lie where upstream's prompts have theirs.
 */
export const defaultProfile: PromptProfile = {
  format: PROFILE_FORMAT,
  system: SYSTEM,
  question: {
    single: `{image}
## Question
{question}{options}
This is image {index}.{instruction}

Begin. Look at what you have drawn before each next step, and correct it where it is wrong:
`,
    multiView: {
      image: '{image}This is image {index} (width {width}, height {height}).\n',
      message: `{images}
## Question
The {count} images show one scene from several sides.

${ASK}`,
    },
    video: {
      image: '{image}This is image {index} (width {width}, height {height}).\n',
      message: `{images}
## Question
The {count} images are frames of one video, in order of time.

${ASK}`,
    },
    options: '\n{options}',
    instructions: {
      'multiple-choice': '\nAnswer with the letter of the right option.',
      numerical: '\nAnswer with a number.',
      'free-form': '',
    },
  },
  drawn: {
    next: 'This is image {index} (width {width}, height {height}). Go on. Look at what you have drawn, and correct it where it is wrong:',
    final:
      'This is image {index} (width {width}, height {height}). You have no more drawings. Give the answer now, in the form of the last step:',
    one: '{image}\n{message}\n',
    earlier: '{image}This is image {index} (width {width}, height {height}).\n',
    last: '{image}{message}\n\n',
  },
};
