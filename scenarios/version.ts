/** The version of Faultline, as in package.json (a test compares them): results say who made them. */
export const version = '0.1.0';
