/** The last line of a test run in the plainest form, for people and for programs that read logs. */
export const closingLine = {
  onTestRunEnd(modules) {
    const states = modules.flatMap((module) => {
      const tests = [...module.children.allTests()].map((test) => test.result().state);
      // A file that cannot be loaded, or set up, runs no tests; it counts as one that failed.
      return module.ok() || tests.includes('failed') ? tests : [...tests, 'failed'];
    });
    const count = (state) => states.filter((one) => one === state).length;
    const skipped = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`;
    process.on('exit', () => console.log(`${count('passed')} passed, ${count('failed')} failed${skipped}`));
  },
};
