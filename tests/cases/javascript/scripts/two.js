shared();  //> ?
counter();  //> ?
unheard();  //> !unheard
