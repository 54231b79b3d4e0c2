/** For tests of a project's own: `streamalert/testing`. */
export { type RuleTestResult, type Verdict, prepareRuleTests, runRuleTest } from './rule-runner.ts'
export { type RuleTest, ruleTest, ruleTestFile } from './rule-test-file.ts'
