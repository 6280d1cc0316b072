export declare class Ambient { connect(): void }
