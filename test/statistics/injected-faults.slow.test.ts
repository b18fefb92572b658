import { injectedFaults } from "./injected-faults.ts";

injectedFaults("none", 1.5e8, 15);
injectedFaults("active", 2e8, 3);
