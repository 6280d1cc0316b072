package shop.made;

class Third {}
